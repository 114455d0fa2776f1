"""DynamoDB and S3: the only rooms that speak to AWS."""
