"""What support teams extend the assistant with: new content, comparisons, tests of their own."""
