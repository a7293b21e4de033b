"""What the key of an entry is: its client, requests, denials, reachability."""
