"""The pages of the gateway: OJK's cases and firms, and the portal of a firm's people."""
