"""Ways between households, with and without coordinates."""

from cunjing.planning.month.model import Need, Place
from cunjing.planning.month.options import default_options
from cunjing.planning.month.travel import ways

OPTIONS = default_options()
NEAR, FAR = OPTIONS.within_hamlet, OPTIONS.between_hamlets


def need(household_id: str, hamlet: str | None, *point: float) -> Need:
    east, north = point or (None, None)
    return Need(
        household_id=household_id,
        village_code="341102001201",
        prize=1,
        hamlet_id=hamlet,
        longitude=east,
        latitude=north,
    )


def place(*point: float) -> Place:
    east, north = point or (None, None)
    return Place(village_code="341102001201", longitude=east, latitude=north)


def test_with_coordinates_the_way_is_the_straight_line_with_the_detour() -> None:
    found = ways(place(116.0, 32.0), [need("H1", "G1", 116.0, 32.01)], OPTIONS)
    assert found.metres.tolist() == [[0, 1448], [1448, 0]]
    assert found.minutes.tolist() == [[0, 15], [15, 0]]


def test_without_coordinates_a_hamlet_is_near_and_all_else_far() -> None:
    found = ways(place(), [need("H1", "G1"), need("H2", "G1"), need("H3", None)], OPTIONS)
    assert found.metres.tolist() == [
        [0, FAR, FAR, FAR],
        [FAR, 0, NEAR, FAR],
        [FAR, NEAR, 0, FAR],
        [FAR, FAR, FAR, 0],
    ]


def test_a_household_without_coordinates_stands_amid_its_hamlet() -> None:
    needs = [
        need("H1", "G1", 116.0, 32.0),
        need("H2", "G1", 116.0, 32.02),
        need("H3", "G1"),
        need("H4", "G2", 116.0, 32.01),
    ]
    found = ways(place(116.0, 32.0), needs, OPTIONS)
    assert found.metres[3, 1] == found.metres[3, 2] == 1448
    assert found.metres[3, 4] == NEAR


def test_an_office_without_coordinates_stands_amid_the_households() -> None:
    needs = [need("H1", "G1", 116.0, 32.0), need("H2", "G2", 116.0, 32.02)]
    assert ways(place(), needs, OPTIONS).metres[0].tolist() == [0, 1448, 1448]


def test_coordinates_far_from_the_village_are_not_believed() -> None:
    needs = [
        need("H1", "G1", 116.0, 32.0),
        need("H2", "G1", 116.0, 32.001),
        need("H3", "G1", 16.0, 32.0),
    ]
    found = ways(place(116.0, 32.0), needs, OPTIONS)
    assert found.doubted == ("H3",)
    assert found.metres[3, 1] == NEAR


def test_a_village_without_households_has_its_office() -> None:
    assert ways(place(), [], OPTIONS).metres.tolist() == [[0]]
