"""What an application is to Home Assistant: its client, requests, reachability."""
