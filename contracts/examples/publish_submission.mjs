// How does a channel submit a complaint over AMQP and get its receipt? In Node.js 20 or newer:
//
//   npm ci
//   node publish_submission.mjs --amqp amqp://channel-web:PASSWORD@localhost:5672/slkt \
//       --door-key http://localhost:8001/door-key --channel web
//
// Prints number and PIN as JSON on the last line. Exit: 0 accepted, 1 refused, 2 wrong arguments, 3 unroutable or not
// confirmed, 4 no answer in time, 5 no connection or no right.

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import amqp from 'amqplib';
import { CompactEncrypt, importJWK } from 'jose';

const EXCHANGE = 'slkt.submissions';
const TYPE = 'slkt.channel.submission.v1';
const COMPLAINT = new URL('complaint.json', import.meta.url);

/** The complaint was not accepted; `code` is the exit code. */
class NotAccepted extends Error {
  constructor(code, text) {
    super(text);
    this.code = code;
  }
}

/** Rejects with NotAccepted when `seconds` have passed; the timer never outlives the promise. */
async function within(seconds, promise, code, text) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new NotAccepted(code, text)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Intake's public key, from its HTTP door (GET /door-key) or a file. */
async function doorKey(place) {
  try {
    if (!/^https?:/.test(place)) return JSON.parse(await readFile(place, 'utf8'));
    const answer = await fetch(place, { signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return await answer.json();
  } catch (error) {
    throw new NotAccepted(5, `no door key at ${place}: ${error.message}`);
  }
}

/** What is personal, readable for intake alone: a JWE in compact form. */
async function sealed(personal, key) {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(personal)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: key.kid ?? '' })
    .encrypt(await importJWK(key, 'ECDH-ES'));
}

/** A CloudEvent in structured JSON. Its id is the idempotency key: the same id gets the same receipt. */
async function envelope(channel, id, key) {
  const complaint = JSON.parse(await readFile(COMPLAINT, 'utf8'));
  return Buffer.from(JSON.stringify({
    specversion: '1.0',
    id,
    type: TYPE,
    source: `/channel/${channel}`,
    datacontenttype: 'application/json',
    data: { ...complaint.open, sealed: await sealed(complaint.private, key) },
  }));
}

/** Publishes and waits for the reply. */
async function submit(url, channelName, id, body, seconds) {
  const user = decodeURIComponent(new URL(url).username);
  let connection;
  try {
    connection = await amqp.connect(url, { timeout: 10_000 });
  } catch (error) {
    throw new NotAccepted(5, `no connection to the broker: ${error.message}`);
  }
  // Errors arrive as events; this promise turns the first of them into a refusal of whatever is awaited.
  let fail;
  const failed = new Promise((_, reject) => { fail = reject; });
  failed.catch(() => {});
  const closed = (error) => fail(new NotAccepted(5, `the broker closed the channel: ${error.message}`));
  connection.on('error', closed);
  try {
    const channel = await connection.createConfirmChannel();
    channel.on('error', closed);
    channel.on('return', (message) => {
      fail(new NotAccepted(3, `the broker did not take the message (unroutable): ${message.fields.replyText}`));
    });
    const answered = new Promise((resolve) => {
      // Everything stands before anybody connects, and a channel has no right to declare or check a queue.
      // Others' replies stay unacknowledged and go back when the connection closes. A channel in earnest has one
      // reader, which keeps every reply under its correlation id and acknowledges it.
      channel.consume(`reply.${user}`, (message) => {
        if (message?.properties.correlationId !== id) return;
        channel.ack(message);
        resolve(JSON.parse(message.content.toString()));
      }).catch(closed);
    });
    const confirmed = new Promise((resolve, reject) => {
      channel.publish(EXCHANGE, `submission.${channelName}`, body, {
        messageId: id,
        correlationId: id,
        type: TYPE,
        contentType: 'application/cloudevents+json',
        persistent: true,
        mandatory: true,
        userId: user,
      }, (error) => (error ? reject(new NotAccepted(3, `the broker did not confirm: ${error.message}`)) : resolve()));
    });
    confirmed.catch(() => {}); // a closed channel refuses it too, after `failed` has said why
    const again = `send again with --key ${id}`;
    await within(10, Promise.race([confirmed, failed]), 3, `no confirm in time; ${again}`);
    console.error(`sent ${id}, waiting for the receipt`);
    const late = `no reply within ${seconds} s; ${again}: it is registered once`;
    return await within(seconds, Promise.race([answered, failed]), 4, late);
  } finally {
    await connection.close().catch(() => {});
  }
}

function wrong(text) {
  console.error(text);
  process.exit(2);
}

function chosenOptions() {
  const env = process.env;
  const text = { type: 'string' };
  const options = { amqp: text, 'door-key': text, channel: text, key: text, timeout: text };
  let values;
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    wrong(error.message);
  }
  const chosen = {
    amqp: values.amqp ?? env.SLKT_AMQP,
    doorKey: values['door-key'] ?? env.SLKT_DOOR_KEY,
    channel: values.channel ?? env.SLKT_CHANNEL ?? 'web',
    key: values.key ?? env.SLKT_KEY ?? randomUUID(),
    timeout: Number(values.timeout ?? 30),
  };
  if (!chosen.amqp || !chosen.doorKey) wrong('--amqp and --door-key are needed (or SLKT_AMQP and SLKT_DOOR_KEY)');
  return chosen;
}

const chosen = chosenOptions();
try {
  const body = await envelope(chosen.channel, chosen.key, await doorKey(chosen.doorKey));
  const reply = await submit(chosen.amqp, chosen.channel, chosen.key, body, chosen.timeout);
  if (reply.status !== 'accepted') {
    const reasons = (reply.problems ?? []).map((one) => `\n  ${one.field}: came ${one.came}, expected ${one.expected}`);
    throw new NotAccepted(1, `refused (${reply.code}): ${reply.detail}${reasons.join('')}`);
  }
  console.log(JSON.stringify({ number: reply.number, pin: reply.pin }));
} catch (error) {
  if (!(error instanceof NotAccepted)) throw error;
  console.error(error.message);
  process.exitCode = error.code;
}
