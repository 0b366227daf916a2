package org.keyrotation.routes.rotate;

import java.time.Duration;

/**
 * How keys live, how much is read of them, and how long a request is tried.
 *
 * @param activationDelay from its generation until a new key works
 * @param overlap from the generation of a new key until the old one stops working
 * @param minInterval between two rotations of a credential, unless the later one is forced
 * @param readBack whether the credential is read before it is rotated, and after a lost answer
 * @param giveUpAfter from its first attempt until a request ends without a key
 */
public record RotateSettings(
        Duration activationDelay, Duration overlap, Duration minInterval, boolean readBack, Duration giveUpAfter) {}
