// An OpenID provider for tests: the certified library as it is, with its own log-in page, which believes any name that
// its list of people has. node provider.mjs CONFIG: {port, clients, people}, a file; people are read at each log-in.
import { readFileSync } from 'node:fs'
import { Provider } from 'oidc-provider'

const file = process.argv[2]
const read = () => JSON.parse(readFileSync(file, 'utf8'))
const { port, clients } = read()
const issuer = `http://127.0.0.1:${port}`

const provider = new Provider(issuer, {
  clients,
  pkce: { required: () => true },
  // What somebody is stands in the ID token, as most houses have it; `userinfo` people say it there alone.
  conformIdTokenClaims: false,
  claims: { openid: ['sub'], profile: ['name', 'groups'] },
  acrValues: ['two-factors'],
  cookies: { keys: ['for-tests-only'] },
  ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 60, IdToken: 300, AuthorizationCode: 60 },
  async findAccount(_, id) {
    const known = read().people[id]
    return known && { accountId: id, claims: async () => ({ sub: id, ...known }) }
  },
})
provider.listen(port, '127.0.0.1', () => console.log(`listening at ${issuer}`))
