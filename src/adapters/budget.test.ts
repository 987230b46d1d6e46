import { expect, it } from "vitest";
import { someCall } from "../../test/fixtures/run-plan.ts";
import { BudgetGuard, costOf, worstCase } from "./budget.ts";

const never = new AbortController().signal;
const nothing = { calls: 0, promptTokens: 0, completionTokens: 0 };
const usage = (promptTokens: number, completionTokens = 0) => ({ promptTokens, completionTokens });

it("R5: calls are admitted up to the budget and not beyond, counting those in flight", async () => {
  const guard = new BudgetGuard({ calls: 3 }, null, { ...nothing, calls: 1 });
  const first = await guard.reserve(usage(10), never);
  const second = await guard.reserve(usage(10), never);
  const third = guard.reserve(usage(10), never);
  first(usage(5));
  second(usage(5));
  await expect(third).rejects.toMatchObject({ code: "budget-reached", exit: 3 });
});

it("R5: a call waits for what others in flight give back before the run is stopped", async () => {
  const guard = new BudgetGuard({ tokens: 100 }, null, nothing);
  const first = await guard.reserve(usage(80), never);
  const second = guard.reserve(usage(80), never);
  first(usage(10, 5));
  const settle = await second;
  settle(usage(15));
  await expect(guard.reserve(usage(80), never)).rejects.toMatchObject({ code: "budget-reached" });
  await expect(guard.reserve(usage(70), never)).resolves.toBeTypeOf("function");
});

it("R5: a call that was never answered gives everything back, and only once", async () => {
  const guard = new BudgetGuard({ calls: 1, tokens: 10 }, null, nothing);
  const settle = await guard.reserve(usage(10), never);
  settle(null);
  settle(null);
  const again = await guard.reserve(usage(10), never);
  await expect(Promise.race([guard.reserve(usage(1), never), Promise.resolve("waits")])).resolves.toBe("waits");
  again(usage(10));
});

it("R5: cost counts at the prices of the file and may reach the budget exactly", async () => {
  const price = { promptPerMillion: 0.1, completionPerMillion: 0.4 };
  const guard = new BudgetGuard({ cost: 0.3 }, price, nothing);
  for (let call = 0; call < 3; call += 1) (await guard.reserve(usage(1_000_000), never))(usage(1_000_000));
  await expect(guard.reserve(usage(1), never)).rejects.toMatchObject({ code: "budget-reached" });
  expect(costOf(usage(2_000_000, 1_000_000), price)).toBeCloseTo(0.6, 12);
});

it("R5: a budget of cost without a price is refused", () => {
  expect(() => new BudgetGuard({ cost: 1 }, null, nothing)).toThrow(
    expect.objectContaining({ code: "price-missing", exit: 2 }),
  );
});

it("R5: an endpoint that charges more than the worst case raises what is reserved from then on", async () => {
  const guard = new BudgetGuard({ tokens: 1000 }, null, nothing);
  (await guard.reserve(usage(100), never))(usage(300));
  (await guard.reserve(usage(100), never))(usage(300));
  await expect(guard.reserve(usage(150), never)).rejects.toMatchObject({ code: "budget-reached" });
});

it("R9: waiting for the budget ends when the run does", async () => {
  const guard = new BudgetGuard({ calls: 1 }, null, nothing);
  await guard.reserve(usage(1), never);
  const stop = new AbortController();
  const waiting = guard.reserve(usage(1), stop.signal);
  stop.abort(new Error("stop"));
  await expect(waiting).rejects.toThrow("stop");
});

it("R5: the worst case covers texts of one token a byte, a prompt for each reply, and reasoning", () => {
  const call = someCall("k");
  const content = "公平な取引 🤝";
  const messages = [{ role: "user" as const, content }];
  const chat = worstCase({ ...call, request: { ...call.request, messages } }, 4096);
  expect(chat.promptTokens).toBeGreaterThanOrEqual(Buffer.byteLength(content));
  expect(chat.completionTokens).toBe(8 + 4096);
  const score = worstCase({
    kind: "score",
    key: "k",
    request: { messages, replies: ["はい", "no"], item: call.request.item },
  });
  expect(score.promptTokens).toBeGreaterThanOrEqual(2 * Buffer.byteLength(content) + 8);
});
