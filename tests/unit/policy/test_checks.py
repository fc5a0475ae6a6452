"""What a folder is refused for where rows are looked at together, in all its words."""

from pathlib import Path

import pytest

from cunjing.policy.errors import InputError
from cunjing.policy.facts import open_facts

from .folders import sound_folder


def faults(folder: Path) -> list[str]:
    """What is said of a folder that is refused, by its text."""
    with pytest.raises(InputError) as caught:
        open_facts(folder)
    return [str(finding) for finding in caught.value.findings]


def test_a_group_entered_twice_that_hangs_below_itself_is_named_and_no_more(tmp_path: Path) -> None:
    groups = "group_id,kind,parent_id\nG1,company,\nG2,platoon,G1\nG1,company,G2\n"
    assert faults(sound_folder(tmp_path, groups=groups)) == [
        "groups.csv：第4行，“group_id”列：“G1”与第2行重复，每个只能出现一次"
    ]


def test_what_hangs_below_a_missing_group_hangs_in_no_loop(tmp_path: Path) -> None:
    groups = "group_id,kind,parent_id\nG1,company,G9\nG2,platoon,G1\n"
    assert faults(sound_folder(tmp_path, groups=groups)) == [
        "groups.csv：第2行，“parent_id”列：“G9”在 groups 表里没有，请补上或改正"
    ]


@pytest.mark.parametrize(("copies", "more"), [(5, []), (6, [1]), (8, [3])])
def test_repeated_keys_are_named_five_at_a_time(
    tmp_path: Path, copies: int, more: list[int]
) -> None:
    rows = "S1,liaison_officer\n" + "S2,liaison_officer\n" * (copies + 1)
    found = faults(sound_folder(tmp_path, staff="staff_id,role\n" + rows))
    assert found[:5] == [
        f"staff.csv：第{row}行，“staff_id”列：“S2”与第3行重复，每个只能出现一次"
        for row in range(4, 9)
    ]
    assert found[5:] == [f"staff.csv：“staff_id”列：还有 {left} 行有同样的问题" for left in more]


@pytest.mark.parametrize(("size", "more"), [(5, []), (6, [1]), (8, [3])])
def test_groups_in_a_loop_are_named_five_at_a_time(
    tmp_path: Path, size: int, more: list[int]
) -> None:
    rows = "".join(f"G{number},platoon,G{(number + 1) % size}\n" for number in range(size))
    found = faults(sound_folder(tmp_path, groups="group_id,kind,parent_id\n" + rows))
    assert found[:5] == [
        f"groups.csv：第{number + 2}行，“parent_id”列：“G{number}”的上级绕回了自己"
        for number in range(5)
    ]
    assert found[5:] == [f"groups.csv：“parent_id”列：还有 {left} 行有同样的问题" for left in more]
