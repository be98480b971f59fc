"""The `[[derive]]` sections that name a clinical rule: a module a topic."""
