"""The figures of a report, one module a kind; each draws plain frozen values and knows no study."""
