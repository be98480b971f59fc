"""The rules of `people.toml`: each looks at the whole draft and yields what it finds."""
