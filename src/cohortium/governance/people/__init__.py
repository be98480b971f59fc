"""Authors: names, identifiers, affiliations, contributions, confirmations, competing interests."""
