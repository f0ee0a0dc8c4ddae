"""What whoever runs the platform reads of it: stores as they are kept, changes since a version, a store as a file."""
