"""Group trees: who is below whom, where a group sits, who belongs to it."""

from functools import cached_property

import ibis
import ibis.expr.types as ir

from cunjing.policy.spark.views import Views


class Trees:
    """The groups of the facts. The path to the root is unrolled as deep as the deepest tree."""

    def __init__(self, views: Views) -> None:
        self._views = views

    @cached_property
    def _climbed(self) -> ir.Table:
        """group_id, kind, village (own or of the nearest ancestor having one), above (itself and
        every ancestor)."""
        groups = self._views.fact("groups")
        climbed = groups.select(
            "group_id", "kind", village=groups.village_code, next_id=groups.parent_id
        )
        climbed = climbed.mutate(above=ibis.array([climbed.group_id]))
        for _ in range(self._views.deepest_tree()):
            over = groups.view().select(
                over_id="group_id", over_parent="parent_id", over_village="village_code"
            )
            joined = climbed.left_join(over, climbed.next_id == over.over_id)
            climbed = joined.select(
                "group_id",
                "kind",
                village=ibis.coalesce(joined.village, joined.over_village),
                next_id=joined.over_parent,
                above=ibis.ifelse(
                    joined.next_id.isnull(),
                    joined.above,
                    joined.above.concat(ibis.array([joined.next_id])),
                ),
            )
        return climbed

    @cached_property
    def seated(self) -> ir.Table:
        """group_id, kind, village_code."""
        climbed = self._climbed
        return climbed.select("group_id", "kind", village_code=climbed.village)

    @cached_property
    def branching(self) -> ir.Table:
        """root, group_id, kind: every group with itself and everything below it."""
        climbed = self._climbed
        return climbed.select("group_id", "kind", root=climbed.above.unnest())

    @cached_property
    def belonging(self) -> ir.Table:
        """root, member_id, person_id, post, birth_month, hamlet_id: all in the tree of a group."""
        members = self._views.fact("members").drop("sex", "party_member")
        return self.branching.drop("kind").inner_join(members, "group_id")
