"""Why an exchange decided as it did."""
