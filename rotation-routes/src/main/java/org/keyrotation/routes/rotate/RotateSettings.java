package org.keyrotation.routes.rotate;

import java.time.Duration;

/**
 * How keys live, and how much is read of them.
 *
 * @param activationDelay from its generation until a new key works
 * @param overlap from the generation of a new key until the old one stops working
 * @param readBack whether the credential is read before it is rotated, and after a lost answer
 */
public record RotateSettings(Duration activationDelay, Duration overlap, boolean readBack) {}
