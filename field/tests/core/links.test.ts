// Links that carry a little at a time: a push too long for one comes in parts, each line once.

import { describe, expect, it } from "vitest";
import { fromBase64url, textOf } from "../../src/core/bytes";
import { unlockDevice } from "../../src/core/device";
import type { Session } from "../../src/core/session";
import { type Outcome, sync } from "../../src/core/syncing";
import type { Request, Transport } from "../../src/core/transport";
import { enrolled, PASSPHRASE, surroundings } from "../devices";
import { lost, matter, states } from "../exchanges";
import { refusal, Station } from "../station";

function linesIn({ headers }: Request): number {
  const header = headers["Cunjing-Push"];
  return header === undefined ? 0 : (JSON.parse(textOf(fromBase64url(header))) as { count: number }).count;
}

/** A link on which a push of more than `most` lines is cut; what is shorter passes. */
function short(station: Station, most: number, counts: number[] = []): Transport {
  return async (request) => {
    const count = linesIn(request);
    if (count > 0) {
      counts.push(count);
    }
    return count > most ? lost() : station.answer(request);
  };
}

async function backlog(count: number, around = surroundings()) {
  const station = await Station.open();
  const session = await enrolled(station, around);
  for (let at = 0; at < count; at += 1) {
    await matter(session, String(at));
  }
  return { station, session };
}

/** Exchange until it is done; how each ended. */
async function untilDone(session: Session, transport: Transport): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  while (outcomes.at(-1)?.kind !== "done" && outcomes.length < 20) {
    outcomes.push(await sync(session, transport));
  }
  return outcomes;
}

function numbers({ lines }: Station): number[] {
  return lines.map(({ mutation }) => mutation.n);
}

const TWENTY = Array.from({ length: 20 }, (_, at) => at + 1);

describe("a link that cuts what is long", () => {
  it("brings a long backlog all the same, each line once and in order", async () => {
    const { station, session } = await backlog(20);
    const counts: number[] = [];
    const outcomes = await untilDone(session, short(station, 3, counts));
    expect(outcomes.at(-1)?.kind).toBe("done");
    expect(numbers(station)).toEqual(TWENTY);
    expect(counts.slice(0, 5)).toEqual([20, 10, 5, 2, 4]);
    expect(new Set(await states(session))).toEqual(new Set(["accepted"]));
  });

  it("is tried again soon once something got through, and not where nothing does", async () => {
    const { station, session } = await backlog(20);
    const outcomes = await untilDone(session, short(station, 3));
    const moved = outcomes.map((one) => (one.kind === "lost" ? (one.moved ?? false) : null));
    expect(moved.slice(0, 4)).toEqual([false, false, false, true]);
    expect(await sync(session, async () => lost())).not.toHaveProperty("moved");
  });

  it("is known for that when the device was locked meanwhile", async () => {
    const around = surroundings();
    const { station, session } = await backlog(20, around);
    const counts: number[] = [];
    await sync(session, short(station, 3, counts));
    await sync(await unlockDevice(around, PASSPHRASE), short(station, 3, counts));
    expect(counts).toEqual([20, 10]);
  });

  it("carries more again once it is better", async () => {
    const { station, session } = await backlog(20);
    const counts: number[] = [];
    await sync(session, short(station, 3, counts));
    await sync(session, short(station, 3, counts));
    await sync(session, short(station, 500, counts));
    expect(counts).toEqual([20, 10, 5, 10, 5]);
  });

  it("whose answers are lost brings the lines again in other parts, and the stored answers", async () => {
    const { station, session } = await backlog(20);
    station.judge = ({ n }) => ({ result: n % 2 === 0 ? "accepted" : "rejected" });
    const deaf: Transport = async (request) => {
      const answer = await station.answer(request);
      return linesIn(request) > 3 ? lost() : answer;
    };
    await untilDone(session, deaf);
    expect(numbers(station)).toEqual(TWENTY);
    expect(await states(session)).toEqual(
      TWENTY.map((n) => (n % 2 === 0 ? "accepted" : "rejected")),
    );
  });

  it("brings what a withdrawn device hands over", async () => {
    const { station, session } = await backlog(20);
    station.revoked = true;
    station.handedOver = [];
    const cut = short(station, 3);
    for (let turn = 0; turn < 20 && (await session.state()).withdrawn !== null; turn += 1) {
      // Nothing else is cut: what a withdrawn device sends otherwise is refused.
      await sync(session, (request) =>
        request.path === "handover" ? cut(request) : station.answer(request),
      );
    }
    expect(numbers(station)).toEqual(TWENTY);
    expect(await session.store.outbox.count()).toBe(0);
  });

  it("is not what a refusal means", async () => {
    const { station, session } = await backlog(4);
    const counts: number[] = [];
    const strange: Transport = async (request) => {
      counts.push(linesIn(request));
      return refusal(400, 40001);
    };
    await sync(session, strange);
    await sync(session, strange);
    expect(counts).toEqual([4, 4]);
    expect(station.lines).toEqual([]);
  });
});
