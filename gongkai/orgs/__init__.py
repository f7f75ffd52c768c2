"""Who: tree through time, posts, rights."""
