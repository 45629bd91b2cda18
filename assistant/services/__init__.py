"""The only place where things happen: each use case takes the actor, checks, loads, decides, commits, then tells the world."""
