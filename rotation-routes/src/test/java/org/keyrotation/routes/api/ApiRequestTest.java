package org.keyrotation.routes.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The ownership check before a call. */
@Tag("I2")
class ApiRequestTest {

    @Test
    void ownedRequestIsAllowed() {
        assertThatNoException().isThrownBy(() -> request(() -> true).requireAllowed());
    }

    @Test
    void requestWithoutOwnershipIsFenced() {
        assertThatExceptionOfType(CallFencedException.class)
                .isThrownBy(() -> request(() -> false).requireAllowed());
    }

    @Test
    void requestWhoseOwnershipCannotBeCheckedIsFenced() {
        BooleanSupplier failing = () -> {
            throw new IllegalStateException("planted");
        };

        assertThatExceptionOfType(CallFencedException.class)
                .isThrownBy(() -> request(failing).requireAllowed());
    }

    @Test
    void requestWhoseRightCannotBeRenewedIsCheckedAllTheSame() {
        ApiRequest request = request(() -> false, CompletableFuture.failedFuture(new IllegalStateException("planted")));

        assertThat(request.renewed()).isCompletedWithValue(request);
        assertThatExceptionOfType(CallFencedException.class).isThrownBy(request::requireAllowed);
    }

    private static ApiRequest request(BooleanSupplier isAllowed) {
        return request(isAllowed, CompletableFuture.completedFuture(null));
    }

    private static ApiRequest request(BooleanSupplier isAllowed, CompletableFuture<?> renewal) {
        return new ApiRequest("AcmeCorp", "GET", "/me", Map.of(), Duration.ZERO, () -> renewal, isAllowed);
    }
}
