"""Faults that people make in a sync, each put into the code to see whether the tests find it."""

from dataclasses import dataclass

SYNC = "src/cunjing/sync"
CORE = "field/src/core"


@dataclass(frozen=True, slots=True)
class Fault:
    """In `file` the text `old`, which stands there once, becomes `new`."""

    name: str
    file: str
    old: str
    new: str


def _server(name: str, module: str, old: str, new: str) -> Fault:
    return Fault(name, f"{SYNC}/{module}.py", old, new)


def _phone(name: str, module: str, old: str, new: str) -> Fault:
    return Fault(name, f"{CORE}/{module}.ts", old, new)


SERVER = (
    _server(
        "length and digest of a push are not checked", "header",
        "if len(body) != header.length or not hmac.compare_digest(digest, header.sha256):",
        "if not digest:",
    ),
    _server(
        "a gap is taken for the next line", "receiving",
        "if header.first > progress.last_n + 1:", "if header.first > 2**40:",
    ),
    _server(
        "a number used twice is taken for the same line", "receiving",
        "if not same or found[-1] != header.head:", "if found[-1] == '':",
    ),
    _server(
        "answered before anything is stored", "receiving",
        "    insert_values(Mutation, _COLUMNS, rows)\n", "",
    ),
    _server(
        "a push is no transaction", "receiving",
        "        with transaction.atomic():\n            return _received(",
        "        if True:\n            return _received(",
    ),
    _server(
        "every line that comes again is done again", "receiving",
        "new = [line for line in lines if line.n > progress.last_n]", "new = list(lines)",
    ),
    _server(
        "a line that comes again is answered accepted", "receiving",
        '"result": row.result,', '"result": "accepted",',
    ),
    _server(
        "the last line is not remembered", "receiving",
        "progress.last_n, progress.head = header.last, header.head",
        "progress.head = header.head",
    ),
    _server(
        "the signature kept is that of an older push", "receiving",
        "        progress.signed_header = text\n",
        "        progress.signed_header = progress.signed_header or text\n",
    ),
    _server(
        "contacts are not counted", "receiving",
        "    progress.contacts += 1\n", "",
    ),
    _server(
        "a contact by a pull is not kept", "pulling",
        "        save_columns(progress, *CONTACT, ", "        max(*CONTACT, ",
    ),
    _server(
        "withdrawn devices are answered", "enrolment",
        "return device.revoked_at is not None or not device.user.is_active",
        "return not device.user.is_active",
    ),
    _server(
        "rights are those of the day of arrival", "applying",
        "local_date(shown) if shown else today()) - (GRACE if shown else timedelta())",
        "today())",
    ),
    _server(
        "the second half of a refused push is left out", "applying",
        "            yield from _run(tasks[half:], act=act)\n", "",
    ),
    _server(
        "one refused line refuses all lines sent with it", "applying",
        "        if len(tasks) > 1:\n",
        "        if len(tasks) > 1:\n"
        "            for task in tasks:\n"
        "                yield task.line.n, _failed(task.line, error)\n"
        "        elif False:\n",
    ),
    _server(
        "scopes a device no longer has are not named", "pulling",
        '    lines += [_line({"scope": code, "revoked": True}) for code in '
        "sorted(set(known) - set(scopes))]\n", "",
    ),
    _server(
        "the rows of others are sent along", "pulling",
        "if row.number > number and row.owner in owners]", "if row.number > number]",
    ),
    _server(
        "rows of others that are stored are sent along", "pulling",
        "filter(cursor=scope.cursor, owner__in=owners, number__gt=number)",
        "filter(cursor=scope.cursor, number__gt=number)",
    ),
    _server(
        "what is gone is left out", "pulling",
        "lines=[row.content or _gone(row.row_type, row.row_id) for row in found]",
        "lines=[row.content for row in found if row.content]",
    ),
    _server(
        "the epoch of a scope is ignored", "pulling",
        "asked is None or asked.epoch != epoch or begins > last", "asked is None or begins > last",
    ),
    _server(
        "rows that left are still in the digest", "scopes",
        "            scope.digests[old.owner] ^= _digest(key, version=old.version)\n",
        "            pass\n",
    ),
    _server(
        "changes are numbered and not looked at", "scopes",
        "        found.setdefault(change.record_type, set()).add(change.record_id)\n",
        "        found.setdefault(change.record_type, set())\n",
    ),
    _server(
        "a scope tells only of what it never told before", "scopes",
        'if (old.content if old else "") == (row.content if row else ""):',
        "if old is not None and row is not None:",
    ),
    _server(
        "the version of a row is forgotten", "scopes",
        "cursor.last, version, content))",
        "cursor.last, old.version if old else version, content))",
    ),
    Fault(
        "rights that ended are still held", "src/cunjing/accounts/queries.py",
        "begun.filter(Q(valid_to=None) | Q(valid_to__gt=since)).order_by", "begun.order_by",
    ),
    Fault(
        "only the new village hears of a household that moved",
        "src/cunjing/places/actions/moving.py",
        "    household.version += 1\n"
        '    household.save(update_fields=["village", "hamlet", "address", "version"])\n'
        "    write.note(household, AuditVerb.CHANGED, village_code=target.code, "
        "scopes=(left, target.code))\n",
        "    household.version += 1\n"
        '    household.save(update_fields=["village", "hamlet", "address", "version"])\n'
        "    write.note(household, AuditVerb.CHANGED, village_code=target.code)\n",
    ),
)  # fmt: skip
PHONE = (
    _phone(
        "a number is given twice", "leaving",
        "end = { made: next.made, head: next.head };", "end = { made: end.made, head: next.head };",
    ),
    _phone(
        "one line too many counts as answered", "pushing",
        "answered: Math.max(state.answered, last) },",
        "answered: Math.max(state.answered, last + 1) },",
    ),
    _phone(
        "an answer heard is not kept", "pushing",
        "answered: Math.max(state.answered, last) },", "answered: state.answered },",
    ),
    _phone(
        "what was taken is shown no more before a pull brings it", "pushing",
        "const pending = wasDone({ state: result }) ? 1 : 0;",
        "const pending = 0;",
    ),
    _phone(
        "all lines are answered as the first", "pushing",
        'const result = results.get(n)?.result ?? "sent";',
        'const result = [...results.values()][0]?.result ?? "sent";',
    ),
    _phone(
        "a pull settles lines it cannot have brought", "pulling",
        "settle(store, again ? 0 : brought, at));", "settle(store, state.made, at));",
    ),
    _phone(
        "a server put back to a backup goes unnoticed", "pulling",
        "const behind = standing.last < state.answered;", "const behind = standing.last < 0;",
    ),
    _phone(
        "rows of a lost village stay", "pulling",
        "        await dropScope(store, scope);\n", "        void scope;\n",
    ),
    _phone(
        "rows without their scope stay", "rows",
        '  await store.base.where("scope").equals(scope).delete();\n  await store.scopes',
        "  await store.scopes",
    ),
    _phone(
        "tombstones are ignored", "rows",
        "    await base.bulkDelete(news.gone.map(({ type, id }) => [scope, type, id]));\n", "",
    ),
    _phone(
        "a scope that starts anew keeps its old rows", "rows",
        '      await base.where("scope").equals(scope).delete();\n', "",
    ),
    _phone(
        "the digest forgets what a row replaces", "rows",
        "const leaving = kept ? await storedOf(store, news) : [];",
        "const leaving: RowName[] = kept ? (await storedOf(store, news)).slice(1) : [];",
    ),
    _phone(
        "the cursor stays where it was", "rows",
        "epoch: news.epoch, seq: news.seq, digest, wrapped };",
        "epoch: news.epoch, seq: kept?.seq ?? news.seq, digest, wrapped };",
    ),
    _phone(
        "a withdrawn phone throws away what it has not sent", "leaving",
        'await store.outbox.where("n").belowOrEqual(delivered).delete();',
        "await store.outbox.clear();",
    ),
    _phone(
        "a withdrawn phone keeps its rows", "leaving",
        "        await store.base.clear();\n        await store.scopes.clear();\n", "",
    ),
    _phone(
        "what was dismissed is let go of at once", "outbox",
        "const kept = held ? { keptUntil } : { line: null };",
        "const kept = held ? { line: null } : { line: null };",
    ),
    _phone(
        "a withdrawn phone takes what was answered for what the server has", "syncing",
        "await withdraw(session, refusal.last);", "await withdraw(session);",
    ),
    _phone(
        "a new beginning leaves the unsent behind", "leaving",
        "if (mutation !== null && !isOver(old, taken) && !isGone(old, taken, past)) {",
        'if (mutation !== null && old.state === "rejected") {',
    ),
    _phone(
        "a new beginning leaves behind what was taken", "leaving",
        "HANDED_OVER.has(state) : changesHands && taken;", "HANDED_OVER.has(state) : taken;",
    ),
    _phone(
        "a new beginning gives new ids", "leaving",
        "return { id, type, schema, saved_at, body, anchor: null };",
        "return { id: uuidv7(), type, schema, saved_at, body, anchor: null };",
    ),
    _phone(
        "the lease trusts the device's clock", "lease",
        "passed: Math.max(contact.passed, wall - contact.wall, run),",
        "passed: run < 0 ? 0 : wall - contact.wall,",
    ),
    _phone(
        "an updated app still believes to be outdated", "contact",
        'state.status === "outdated" ? "enrolled" : state.status', "state.status",
    ),
    _phone(
        "a finished visit is still under way", "visits",
        "    await store.drafts.delete(visit);\n    await visitRecorded", "    await visitRecorded",
    ),
    _phone(
        "the state is written before the line", "session",
        "        await Promise.all([before, table.put({ id: STATE, rev: rev + 1, sealed }), "
        "write(this.store)]);\n        return true;\n      })\n",
        "        await Promise.all([before, table.put({ id: STATE, rev: rev + 1, sealed })]);\n"
        "        return true;\n      })\n"
        "      .then(() => this.store.transaction(\"rw\", this.store.tables, async () => {\n"
        "        await write(this.store);\n        return true;\n      }))\n",
    ),
    _phone(
        "the chain forgets the salt", "chain",
        "sha256(concat([fromHex(salt), line]))", "sha256(concat([line]))",
    ),
)  # fmt: skip
STATION = (
    Fault(
        "where both changed a field, the phone wins", "src/cunjing/base/merging.py",
        "        if edit.base == here:\n", "        if edit is not None:\n",
    ),
    _server(
        "what clashed is kept nowhere", "receiving",
        "device=device, changes=changes)", "device=device, changes=changes[:0])",
    ),
    _server(
        "a conflict can be settled again", "conflicts",
        "if row.state != ConflictState.OPEN:", "if not row.state:",
    ),
    _server(
        "settled for the phone, and not written", "conflicts",
        "        if state is ConflictState.TAKEN:\n            _take(row, actor=actor)\n", "",
    ),
    _server(
        "what another phone had brought is done again", "resent",
        "    for line in lines if found else ():\n", "    for line in ():\n",
    ),
    _server(
        "what is handed over is done", "receiving",
        "do = set_aside if handed_over else ready_to_apply(lines)", "do = ready_to_apply(lines)",
    ),
    _server(
        "a line can be decided about again", "deciding",
        " or Decision.objects.filter(mutation=line).exists():", ":",
    ),
    _server(
        "a mended visit is done though the station took the first", "mending",
        "why = _WHY.get(DecisionOutcome(decision.outcome)) if decision else None", "why = None",
    ),
    _server(
        "what came once more, mended, waits on", "applying",
        "        if lines and not isinstance(rows, Change):\n",
        "        if lines and isinstance(rows, Change):\n",
    ),
    _phone(
        "a mended visit does not say what it stands for", "visits",
        "...(before ? { replaces: linesOf(before) } : {}) };",
        "...(before === null ? { replaces: [] } : {}) };",
    ),
    Fault(
        "a question can be answered again", "src/cunjing/questions/actions.py",
        "if row.answer and row.answer != said:", "if row.answer and not said:",
    ),
    _server(
        "an older body is not cast", "applying",
        "body = upcast(form.body, type_name=form.type, schema=form.schema_)", "body = form.body",
    ),
    _server(
        "by a beacon all counts as arrived", "beacons",
        "if (said.made, said.head) == (progress.last_n, progress.head):", "if said.head:",
    ),
    Fault(
        "what a merged village leaves is nobody's", "src/cunjing/places/merged.py",
        "        found |= left\n", "",
    ),
    Fault(
        "a briefing that was taken back stays", "src/cunjing/briefings/queries.py",
        "valid_until__gte=on, ended_at=None", "valid_until__gte=on",
    ),
    _server(
        "the last byte of a piece is lost", "uploads/storage",
        "        await asyncio.to_thread(self._write, uid, chunk, durable=durable)\n",
        "        await asyncio.to_thread(self._write, uid, chunk[:-1], durable=durable)\n",
    ),
    _phone(
        "a photo goes in one piece", "photos/tus",
        "export const PIECE = 64 * 1024;", "export const PIECE = 4096 * 1024;",
    ),
    _phone(
        "a photo is let go of before it arrived", "photos/sending",
        'if (sent.kind === "sent" && (taken || goes)) {',
        'if (sent.kind !== "refused" && (taken || goes)) {',
    ),
    _phone(
        "a withdrawn phone keeps lines whose answer it had not heard", "handover",
        'store.outbox.where("n").belowOrEqual(state.answered).delete()',
        'store.outbox.filter(({ state: done }) => done === "quarantined").delete()',
    ),
)  # fmt: skip
ALL = (*SERVER, *PHONE, *STATION)
