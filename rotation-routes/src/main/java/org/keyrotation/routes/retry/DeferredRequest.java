package org.keyrotation.routes.retry;

import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.kafka.PartitionOwnership;

/** A request that is to wait on a retry topic. */
public interface DeferredRequest {

    RotationRequest request();

    /** Returns what the request takes along to the retry topic, with this deferral. */
    RetryMetadata retryMetadata();

    PartitionOwnership ownership();
}
