// What the official client thinks of the emulator. Usage: node conformance.mjs <connection string> <case>...
// Every case has a queue of its own, named like the case. Prints one line of JSON per case.
import assert from "node:assert/strict";
import { ServiceBusClient } from "@azure/service-bus";

const client = new ServiceBusClient(process.argv[2], { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } });
const wait = { maxWaitTimeInMs: 10_000 };

async function receive(receiver, count) {
  const messages = [];
  while (messages.length < count) {
    const more = await receiver.receiveMessages(count - messages.length, wait);
    assert.notEqual(more.length, 0, `received ${messages.length} of ${count}`);
    messages.push(...more);
  }
  return messages;
}

const send = (queue, messages) => client.createSender(queue).sendMessages(messages);

const cases = {
  async "send-single"(queue) {
    await send(queue, { body: "hello" });
    const [message] = await receive(client.createReceiver(queue), 1);
    assert.equal(message.body, "hello");
    assert.equal(message.sequenceNumber.toNumber(), 1);
    assert.ok(message.enqueuedTimeUtc instanceof Date);
    assert.ok(message.lockedUntilUtc > message.enqueuedTimeUtc);
    assert.match(message.lockToken, /^[0-9a-f-]{36}$/);
  },

  async "send-batch"(queue) {
    const sender = client.createSender(queue);
    const batch = await sender.createMessageBatch();
    assert.equal(batch.maxSizeInBytes, 256 * 1024);
    for (let i = 0; i < 50; i++) assert.ok(batch.tryAddMessage({ body: { i }, messageId: `m${i}` }));
    await sender.sendMessages(batch);
    const messages = await receive(client.createReceiver(queue), 50);
    assert.deepEqual(messages.map((m) => m.body.i), [...Array(50).keys()]);
    assert.deepEqual(messages.map((m) => m.messageId), [...Array(50).keys()].map((i) => `m${i}`));
  },

  async "too-large"(queue) {
    await assert.rejects(send(queue, { body: Buffer.alloc(300 * 1024) }), (error) => error.code === "MessageSizeExceeded");
  },

  async "peek-lock-complete"(queue) {
    await send(queue, { body: 1 });
    const receiver = client.createReceiver(queue);
    const [message] = await receive(receiver, 1);
    await receiver.completeMessage(message);
    assert.deepEqual(await receiver.peekMessages(1), []);
  },

  async "abandon"(queue) {
    await send(queue, { body: 1 });
    const receiver = client.createReceiver(queue);
    const [first] = await receive(receiver, 1);
    // This client shows the count as it is on the wire: of earlier deliveries.
    assert.equal(first.deliveryCount, 0);
    await receiver.abandonMessage(first);
    const [second] = await receive(receiver, 1);
    assert.equal(second.deliveryCount, 1);
    assert.equal(second.sequenceNumber.toNumber(), first.sequenceNumber.toNumber());
    assert.notEqual(second.lockToken, first.lockToken);
  },

  async "dead-letter"(queue) {
    await send(queue, { body: "bad", applicationProperties: { kept: true } });
    const receiver = client.createReceiver(queue);
    const [message] = await receive(receiver, 1);
    await receiver.deadLetterMessage(message, { deadLetterReason: "Because", deadLetterErrorDescription: "It is bad." });
    const deadLetters = client.createReceiver(queue, { subQueueType: "deadLetter" });
    const [dead] = await receive(deadLetters, 1);
    assert.equal(dead.body, "bad");
    assert.equal(dead.deadLetterReason, "Because");
    assert.equal(dead.deadLetterErrorDescription, "It is bad.");
    assert.equal(dead.applicationProperties.kept, true);
    await deadLetters.completeMessage(dead);
  },

  async "max-delivery-count"(queue) {
    await send(queue, { body: 1 });
    const receiver = client.createReceiver(queue);
    for (let i = 0; i < 10; i++) await receiver.abandonMessage((await receive(receiver, 1))[0]);
    const [dead] = await receive(client.createReceiver(queue, { subQueueType: "deadLetter" }), 1);
    assert.equal(dead.deadLetterReason, "MaxDeliveryCountExceeded");
  },

  async "renew-lock"(queue) {
    await send(queue, { body: 1 });
    const receiver = client.createReceiver(queue);
    const [message] = await receive(receiver, 1);
    const before = message.lockedUntilUtc;
    const renewed = await receiver.renewMessageLock(message);
    assert.ok(renewed >= before, `${renewed} >= ${before}`);
    await receiver.completeMessage(message);
    await assert.rejects(receiver.renewMessageLock(message), (error) => error.code === "MessageLockLost");
  },

  async "receive-and-delete"(queue) {
    await send(queue, [{ body: 1 }, { body: 2 }]);
    const receiver = client.createReceiver(queue, { receiveMode: "receiveAndDelete" });
    assert.deepEqual((await receive(receiver, 2)).map((m) => m.body), [1, 2]);
    assert.deepEqual(await receiver.peekMessages(1), []);
  },

  async "properties"(queue) {
    const sent = {
      body: { nested: ["ü", 1, null] },
      messageId: "id-1",
      sessionId: "session-1",
      correlationId: "correlation-1",
      contentType: "application/json",
      subject: "subject-1",
      to: "to-1",
      replyTo: "reply-1",
      timeToLive: 3_600_000,
      applicationProperties: { text: "a", number: 1.5, yes: true },
    };
    await send(queue, sent);
    const [received] = await receive(client.createReceiver(queue), 1);
    for (const [name, value] of Object.entries(sent)) assert.deepEqual(received[name], value, name);
  },

  async "scheduled"(queue) {
    const sender = client.createSender(queue);
    const due = new Date(Date.now() + 1000);
    await sender.scheduleMessages({ body: "due" }, due);
    const [later] = await sender.scheduleMessages({ body: "never" }, new Date(Date.now() + 3_600_000));
    await sender.cancelScheduledMessages(later);
    await send(queue, { body: "as a property", scheduledEnqueueTimeUtc: due });
    const receiver = client.createReceiver(queue);
    assert.equal((await receiver.peekMessages(10)).length, 2);
    const messages = await receive(receiver, 2);
    assert.deepEqual(messages.map((m) => m.body).sort(), ["as a property", "due"]);
    assert.ok(Date.now() >= due.getTime());
  },

  async "peek"(queue) {
    await send(queue, [{ body: 1 }, { body: 2 }]);
    const receiver = client.createReceiver(queue);
    assert.deepEqual((await receiver.peekMessages(5)).map((m) => m.body), [1, 2]);
    assert.deepEqual((await receive(receiver, 2)).map((m) => m.deliveryCount), [0, 0]);
  },

  async "drain"(queue) {
    // Fewer messages than asked for: the client takes its credit back, and must not time out doing so.
    await send(queue, { body: 1 });
    const receiver = client.createReceiver(queue);
    const first = await receiver.receiveMessages(10, wait);
    assert.equal(first.length, 1);
    assert.deepEqual(await receiver.receiveMessages(10, { maxWaitTimeInMs: 200 }), []);
    await send(queue, { body: 2 });
    const [second] = await receive(receiver, 1);
    assert.equal(second.body, 2);
    await receiver.completeMessage(second);
  },

  async "subscribe"(queue) {
    const count = 500;
    const seen = new Set();
    const receiver = client.createReceiver(queue);
    await new Promise((resolve, reject) => {
      receiver.subscribe(
        {
          processMessage: async (message) => {
            seen.add(message.body);
            if (seen.size === count) resolve();
          },
          processError: async ({ error }) => reject(error),
        },
        { maxConcurrentCalls: 20 },
      );
      send(queue, Array.from({ length: count }, (_, i) => ({ body: i }))).catch(reject);
    });
    await receiver.close();
    assert.deepEqual(await client.createReceiver(queue).peekMessages(1), []);
  },

  async "unknown-queue"() {
    await assert.rejects(send("nowhere", { body: 1 }), (error) => {
      assert.equal(error.code, "MessagingEntityNotFound");
      assert.match(error.message, /nowhere.*send-single/s);
      return true;
    });
  },
};

const overdue = (name) =>
  new Promise((_, reject) => setTimeout(() => reject(new Error(`${name} takes too long`)), 20_000).unref());

for (const name of process.argv.slice(3)) {
  try {
    await Promise.race([cases[name](name), overdue(name)]);
    console.log(JSON.stringify({ case: name, ok: true }));
  } catch (error) {
    console.log(JSON.stringify({ case: name, ok: false, error: String(error?.stack ?? error) }));
  }
}
// Not client.close(): should a case have failed, its receivers may wait for messages for ever.
process.exit(0);
