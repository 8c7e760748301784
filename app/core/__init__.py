"""The rules of the product: pure functions over plain values. Standard library, numpy and Shapely only."""
