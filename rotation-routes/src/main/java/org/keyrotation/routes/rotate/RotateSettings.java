package org.keyrotation.routes.rotate;

import java.time.Duration;

/**
 * What is known of a key's life.
 *
 * @param activationDelay from its generation until a new key works
 * @param overlap from the generation of a new key until the old one stops working
 */
public record RotateSettings(Duration activationDelay, Duration overlap) {}
