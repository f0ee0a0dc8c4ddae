"""What an integrator develops against: seed data, signature clinic."""
