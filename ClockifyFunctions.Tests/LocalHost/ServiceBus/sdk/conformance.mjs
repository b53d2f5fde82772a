// Checks the emulator with the official client. Usage: node conformance.mjs <connection string> <case>...
// Every case has its own queue with the name of the case. OfficialClientTests.cs lists the cases with the options of their queues.
// Prints one line of JSON per case.
import assert from "node:assert/strict";
import { ServiceBusClient } from "@azure/service-bus";

const client = new ServiceBusClient(process.argv[2], { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } });
const impatient = new ServiceBusClient(process.argv[2], { retryOptions: { maxRetries: 0, timeoutInMs: 500 } });
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

/** Between two looks at something that the service does by itself. */
const moment = () => new Promise((resolve) => setTimeout(resolve, 50));

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
    // The client shows the count of the AMQP header, which is the number of earlier deliveries.
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
    // Fewer messages than requested: the client revokes its credit, and that must not time out.
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

  async "defer"(queue) {
    await send(queue, [{ body: "first" }, { body: "second" }]);
    const receiver = client.createReceiver(queue);
    const [first] = await receive(receiver, 1);
    await receiver.deferMessage(first);
    const [second] = await receive(receiver, 1);
    assert.equal(second.body, "second");
    await receiver.completeMessage(second);
    const [seen] = await receiver.peekMessages(5);
    assert.equal(seen.state, "deferred");
    const [again] = await receiver.receiveDeferredMessages(first.sequenceNumber);
    assert.equal(again.body, "first");
    assert.equal(again.deliveryCount, 1);
    await receiver.completeMessage(again);
    assert.deepEqual(await receiver.peekMessages(1), []);
    await assert.rejects(receiver.receiveDeferredMessages(first.sequenceNumber), (error) => error.code === "MessageNotFound");
  },

  async "defer-again"(queue) {
    // If the message is abandoned or deferred again, it stays deferred. If it is dead-lettered, it is removed.
    await send(queue, { body: 1 });
    const receiver = client.createReceiver(queue);
    const [message] = await receive(receiver, 1);
    await receiver.deferMessage(message);
    const next = async () => (await receiver.receiveDeferredMessages(message.sequenceNumber))[0];
    await receiver.abandonMessage(await next());
    await receiver.deferMessage(await next());
    await receiver.deadLetterMessage(await next(), { deadLetterReason: "Because" });
    const [dead] = await receive(client.createReceiver(queue, { subQueueType: "deadLetter" }), 1);
    assert.equal(dead.deadLetterReason, "Because");
  },

  async "time-to-live"(queue) {
    await send(queue, [{ body: "short", timeToLive: 5_000 }, { body: "long", timeToLive: 60_000 }, { body: "for ever" }]);
    const receiver = client.createReceiver(queue);
    const sent = await receiver.peekMessages(5);
    assert.deepEqual(sent.map((m) => m.body), ["short", "long", "for ever"]);
    // Without a sequence number, a peek continues after the last one.
    while ((await receiver.peekMessages(5, { fromSequenceNumber: sent[0].sequenceNumber })).length === 3) await moment();
    const messages = await receive(receiver, 2);
    assert.deepEqual(messages.map((m) => [m.body, m.timeToLive]), [["long", 60_000], ["for ever", undefined]]);
    assert.deepEqual(await client.createReceiver(queue, { subQueueType: "deadLetter" }).peekMessages(1), []);
  },

  async "expired-to-dead-letter"(queue) {
    // The time to live of the queue, 500 ms, is shorter than that of the message.
    await send(queue, { body: "late", timeToLive: 3_600_000 });
    const [dead] = await receive(client.createReceiver(queue, { subQueueType: "deadLetter" }), 1);
    assert.equal(dead.body, "late");
    assert.equal(dead.deadLetterReason, "TTLExpiredException");
    assert.deepEqual(await client.createReceiver(queue).peekMessages(1), []);
  },

  async "duplicate-detection"(queue) {
    await send(queue, { body: "first", messageId: "same" });
    await send(queue, [{ body: "again", messageId: "same" }, { body: "other", messageId: "different" }]);
    const receiver = client.createReceiver(queue, { receiveMode: "receiveAndDelete" });
    const messages = await receive(receiver, 2);
    assert.deepEqual(messages.map((m) => m.body), ["first", "other"]);
    // The window applies whether the message was received or not.
    await send(queue, { body: "once more", messageId: "same" });
    assert.deepEqual(await receiver.peekMessages(5, { fromSequenceNumber: messages[0].sequenceNumber }), []);
  },

  async "lock-expiry"(queue) {
    // Message locks of this queue last three seconds.
    await send(queue, { body: 1 });
    const receiver = client.createReceiver(queue, { maxAutoLockRenewalDurationInMs: 0 });
    const [first] = await receive(receiver, 1);
    const [second] = await receive(receiver, 1);
    assert.equal(second.deliveryCount, 1);
    await assert.rejects(receiver.completeMessage(first), (error) => error.code === "MessageLockLost");
    await receiver.completeMessage(second);
  },

  async "small-messages-only"(queue) {
    // This queue accepts 1024 bytes.
    await assert.rejects(send(queue, { body: "x".repeat(1100) }), (error) => error.code === "MessageSizeExceeded");
    const batch = await client.createSender(queue).createMessageBatch();
    assert.equal(batch.maxSizeInBytes, 1024);
    assert.equal(batch.tryAddMessage({ body: "x".repeat(1100) }), false);
    await send(queue, { body: "x".repeat(500) });
    assert.equal((await receive(client.createReceiver(queue), 1)).length, 1);
  },

  async "session-named"(queue) {
    await send(queue, [1, 2, 3].flatMap((i) => ["a", "b"].map((sessionId) => ({ body: i, sessionId }))));
    const a = await client.acceptSession(queue, "a");
    assert.equal(a.sessionId, "a");
    assert.ok(a.sessionLockedUntilUtc > new Date());
    const messages = await receive(a, 3);
    assert.deepEqual(messages.map((m) => [m.sessionId, m.body]), [["a", 1], ["a", 2], ["a", 3]]);
    for (const message of messages) await a.completeMessage(message);
    assert.deepEqual(await a.receiveMessages(1, { maxWaitTimeInMs: 200 }), []);
    assert.deepEqual((await a.peekMessages(9)).map((m) => m.sessionId), []);
    const b = await client.acceptSession(queue, "b");
    assert.deepEqual((await b.peekMessages(9)).map((m) => m.body), [1, 2, 3]);
    await a.close();
    await b.close();
  },

  async "session-next"(queue) {
    await send(queue, [{ body: 1, sessionId: "x" }, { body: 2, sessionId: "y" }, { body: 3, sessionId: "x" }]);
    const first = await client.acceptNextSession(queue);
    const second = await client.acceptNextSession(queue);
    assert.deepEqual([first.sessionId, second.sessionId], ["x", "y"]);
    // A waiting receiver gets the session that is released.
    const waiting = client.acceptNextSession(queue);
    await first.close();
    const third = await waiting;
    assert.equal(third.sessionId, "x");
    assert.deepEqual((await receive(third, 2)).map((m) => m.body), [1, 3]);
    // This check is the last one, because the broker may still assign a session to a client that has just stopped waiting.
    await assert.rejects(impatient.acceptNextSession(queue), (error) => ["ServiceTimeout", "SessionCannotBeLocked"].includes(error.code));
    await third.close();
    await second.close();
  },

  async "session-locked"(queue) {
    await send(queue, { body: 1, sessionId: "a" });
    const holder = await client.acceptSession(queue, "a");
    await assert.rejects(client.acceptSession(queue, "a"), (error) => error.code === "SessionCannotBeLocked");
    const [message] = await receive(holder, 1);
    // Closed without settling: the message is available to the next receiver, and the delivery does not count.
    await holder.close();
    const next = await client.acceptSession(queue, "a");
    const [again] = await receive(next, 1);
    assert.equal(again.sequenceNumber.toNumber(), message.sequenceNumber.toNumber());
    assert.equal(again.deliveryCount, 0);
    await next.close();
  },

  async "session-state"(queue) {
    await send(queue, { body: 1, sessionId: "a" });
    const first = await client.acceptSession(queue, "a");
    assert.equal((await first.getSessionState()) ?? null, null);
    await first.setSessionState({ step: 7 });
    await first.close();
    const second = await client.acceptSession(queue, "a");
    assert.deepEqual(await second.getSessionState(), { step: 7 });
    await second.setSessionState(null);
    assert.equal((await second.getSessionState()) ?? null, null);
    await second.close();
  },

  async "session-lock-renewal"(queue) {
    // Session locks of this queue last three seconds. The client renews them itself, here for longer than that.
    await send(queue, { body: 1, sessionId: "a" });
    const session = await client.acceptSession(queue, "a", { maxAutoLockRenewalDurationInMs: 0 });
    const [message] = await receive(session, 1);
    const before = session.sessionLockedUntilUtc;
    while (new Date() <= before) {
      await session.renewSessionLock();
      await moment();
    }
    assert.ok(session.sessionLockedUntilUtc > before);
    await session.completeMessage(message);
    await session.close();
  },

  async "session-lock-expiry"(queue) {
    await send(queue, { body: 1, sessionId: "a" });
    const lost = await client.acceptSession(queue, "a", { maxAutoLockRenewalDurationInMs: 0 });
    const [message] = await receive(lost, 1);
    const next = await client.acceptNextSession(queue, { maxAutoLockRenewalDurationInMs: 60_000 });
    const [again] = await receive(next, 1);
    assert.equal(again.deliveryCount, 1);
    await assert.rejects(lost.completeMessage(message), (error) => error.code === "SessionLockLost");
    await next.completeMessage(again);
    await next.close();
  },

  async "session-fifo"(queue) {
    // Two receivers, ten sessions: returned messages are received before later ones.
    const count = 20;
    await send(queue, Array.from({ length: 10 * count }, (_, i) => ({ body: Math.floor(i / 10), sessionId: `s${i % 10}` })));
    const seen = {};
    const work = async () => {
      for (let i = 0; i < 5; i++) {
        const session = await client.acceptNextSession(queue);
        const bodies = (seen[session.sessionId] = []);
        while (bodies.length < count) {
          const [message] = await receive(session, 1);
          if (message.body === 3 && message.deliveryCount === 0) {
            await session.abandonMessage(message);
            continue;
          }
          bodies.push(message.body);
          await session.completeMessage(message);
        }
        await session.close();
      }
    };
    await Promise.all([work(), work()]);
    assert.equal(Object.keys(seen).length, 10);
    for (const bodies of Object.values(seen)) assert.deepEqual(bodies, [...Array(count).keys()]);
  },

  async "session-defer"(queue) {
    await send(queue, [{ body: "first", sessionId: "a" }, { body: "second", sessionId: "a" }]);
    const session = await client.acceptSession(queue, "a");
    const [first] = await receive(session, 1);
    await session.deferMessage(first);
    assert.equal((await receive(session, 1))[0].body, "second");
    const [again] = await session.receiveDeferredMessages(first.sequenceNumber);
    assert.equal(again.body, "first");
    await session.completeMessage(again);
    const other = await client.acceptSession(queue, "b");
    await assert.rejects(other.receiveDeferredMessages(first.sequenceNumber), (error) => error.code === "MessageNotFound");
    await other.close();
    await session.close();
  },

  async "session-dead-letter"(queue) {
    // The dead-letter queue of a queue with sessions has no sessions.
    await send(queue, { body: 1, sessionId: "a" });
    const session = await client.acceptNextSession(queue);
    await session.deadLetterMessage((await receive(session, 1))[0]);
    const [dead] = await receive(client.createReceiver(queue, { subQueueType: "deadLetter" }), 1);
    assert.equal(dead.sessionId, "a");
    await session.close();
  },

  async "session-required"(queue) {
    await assert.rejects(send(queue, { body: 1 }), /session id/);
    await assert.rejects(client.createReceiver(queue).receiveMessages(1, wait), /requires sessions/);
    await assert.rejects(client.acceptNextSession("send-single"), /does not require sessions/);
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
  new Promise((_, reject) => setTimeout(() => reject(new Error(`${name} takes too long`)), 120_000).unref());

for (const name of process.argv.slice(3)) {
  try {
    await Promise.race([cases[name](name), overdue(name)]);
    console.log(JSON.stringify({ case: name, ok: true }));
  } catch (error) {
    console.log(JSON.stringify({ case: name, ok: false, error: String(error?.stack ?? error) }));
  }
}
// client.close() is not used: if a case has failed, its receivers could wait for messages forever.
process.exit(0);
