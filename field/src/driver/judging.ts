// The verdict stage on a pipe: questions as the tests ask them, answers in plain values.

import { NOTHING, type Unsent } from "../core/verdicts/credit";
import { verdictsOf } from "../core/verdicts/judge";
import type { RuleTable, Standing } from "../core/verdicts/table";
import { daysLeft, message, told } from "../core/verdicts/wording";

/** What one person's phone would hold, and the moment it is looked at (ISO 8601). */
interface Question {
  readonly standings: readonly Standing[];
  readonly tables: readonly RuleTable[];
  readonly unsent?: Unsent;
  readonly at: string;
}

/** Each question's verdicts, as a list of their own. */
export function judged(questions: readonly Question[]): unknown {
  return questions.map(({ standings, tables, unsent, at }) =>
    standings.flatMap((standing) =>
      verdictsOf(standing, tables, unsent ?? NOTHING, Date.parse(at)).map((verdict) => ({
        rule: verdict.rule.id,
        subject: standing.posting,
        village_code: standing.village,
        staff_id: standing.staff,
        period: verdict.period.period,
        value: verdict.value,
        threshold: verdict.threshold,
        full: verdict.full,
        verdict: verdict.verdict,
        evidence_count: verdict.state.n,
        unsent: verdict.unsent,
        days_left: daysLeft(verdict),
        message: message(verdict),
        told: told(verdict),
      })),
    ),
  );
}
