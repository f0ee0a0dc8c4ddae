"""What tests stand on: databases, the platform in process, the platform as processes, a signing caller."""
