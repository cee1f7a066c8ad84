"""The JSON API of people: signing in and out, refreshing, sessions, and what a signed-in person may see."""
