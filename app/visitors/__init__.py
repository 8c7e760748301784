"""Visitors, and one roll call for everybody: who is expected, who is here, for whom, and who is safe."""
