"""How rows are keyed, tagged and walled in, and the only place that commits."""
