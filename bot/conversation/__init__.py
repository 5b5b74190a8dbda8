"""What is said in a conversation: reading what a person answers, wording what is replied."""
