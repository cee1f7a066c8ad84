"""What runs the site outside a developer's tree: the image, compose, the proxy, and two nodes on one machine."""
