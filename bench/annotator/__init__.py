"""The annotator in a browser: the product, two peers and a bare canvas under the same hand."""
