// Makes the one-member replica set that majority writes need, and waits until it takes writes; twice is harmless.
// mongosh --nodb replica-set.js, with MONGO_INITDB_ROOT_USERNAME, MONGO_INITDB_ROOT_PASSWORD and MEMBER (host:port).
const word = (name) => encodeURIComponent(process.env[name]);
const login = `${word("MONGO_INITDB_ROOT_USERNAME")}:${word("MONGO_INITDB_ROOT_PASSWORD")}`;
const admin = connect(`mongodb://${login}@${process.env.MEMBER}/admin?directConnection=true`);

if (!admin.hello().setName) {
  admin.adminCommand({
    replSetInitiate: { _id: "slkt", members: [{ _id: 0, host: process.env.MEMBER }] },
  });
}
for (let tries = 0; !admin.hello().isWritablePrimary; tries += 1) {
  if (tries > 300) {
    throw new Error("the replica set took no writes within 60 s");
  }
  sleep(200);
}
print("replica set slkt takes writes");
