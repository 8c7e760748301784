import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from app.core.plane import geodesic_m, metres_per_degree, wrapped

EARTH = Geod(ellps="WGS84")


@given(st.floats(-89, 89), st.floats(-180, 180), st.floats(0, 360), st.floats(1, 1_000_000))
def test_geodesic_distance_agrees_with_proj(latitude: float, longitude: float, azimuth: float, distance_m: float) -> None:
    longitude_b, latitude_b, _ = EARTH.fwd(longitude, latitude, azimuth, distance_m)
    assert geodesic_m(latitude, longitude, latitude_b, longitude_b) == pytest.approx(distance_m, rel=1e-5)


@given(st.floats(-80, 80), st.floats(0, 360), st.floats(1, 500))
def test_the_plane_around_a_place_agrees_with_proj(latitude: float, azimuth: float, distance_m: float) -> None:
    longitude_b, latitude_b, _ = EARTH.fwd(5, latitude, azimuth, distance_m)
    scale_x, scale_y = metres_per_degree(latitude)
    assert np.hypot((longitude_b - 5) * scale_x, (latitude_b - latitude) * scale_y) == pytest.approx(distance_m, rel=1e-3)


def test_a_place_is_no_distance_from_itself_and_half_the_earth_from_its_antipode() -> None:
    assert geodesic_m(52.0, 5.0, 52.0, 5.0) == pytest.approx(0, abs=1e-4)
    assert geodesic_m(0.0, 0.0, 0.0, 180.0) == pytest.approx(20_003_931, rel=2e-3)
    assert geodesic_m(90.0, 0.0, 90.0, 77.0) == pytest.approx(0, abs=1e-4)


@given(st.integers(-179, 179), st.integers(-3, 3))
def test_full_turns_make_no_difference(degrees: int, turns: int) -> None:
    assert wrapped(degrees + 360.0 * turns) == degrees


@given(st.floats(-89, 89))
def test_one_latitude_and_an_array_of_them_give_the_same_bits(latitude: float) -> None:
    alone, among = metres_per_degree(latitude), metres_per_degree(np.full(9, latitude))
    assert [(among[0] == alone[0]).all(), (among[1] == alone[1]).all()] == [True, True]
