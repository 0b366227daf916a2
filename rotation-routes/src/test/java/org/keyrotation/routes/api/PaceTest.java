package org.keyrotation.routes.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.CredentialId;

/** When a company may be called, by a clock that stands still until it is moved. */
class PaceTest {

    private static final String ACME = "AcmeCorp";
    private static final String OTHER = "OtherCorp";

    private final StandingClock time = new StandingClock();

    @Test
    void withoutALimitNothingIsPutOff() {
        Pace pace = new Pace(0, time);

        for (int i = 0; i < 1_000; i++) {
            assertThat(pace.begin(ACME)).isZero();
        }
    }

    @Test
    void aLimitLetsOneBeginAfterTheOtherAtEvenDistances() {
        Pace pace = new Pace(10, time);
        assertThat(pace.begin(ACME)).isZero();

        assertThat(pace.begin(ACME)).isEqualTo(Duration.ofMillis(100));
        time.move(Duration.ofMillis(99));
        assertThat(pace.begin(ACME)).isEqualTo(Duration.ofMillis(1));
        time.move(Duration.ofMillis(1));
        assertThat(pace.begin(ACME)).isZero();
        assertThat(pace.begin(ACME)).isPositive();
    }

    @Test
    void whatWasNotUsedMakesNoBurst() {
        Pace pace = new Pace(10, time);

        time.move(Duration.ofHours(1));

        assertThat(pace.begin(ACME)).isZero();
        assertThat(pace.begin(ACME)).isPositive();
    }

    @Test
    void nothingIsBegunWhileACallThatIsUnderWayHasTheTurn() throws Exception {
        Pace pace = new Pace(10, time);
        pace.await(call(ACME, () -> {}));

        assertThat(pace.begin(ACME)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void aCompanyDoesNotUseUpTheTurnsOfAnother() {
        Pace pace = new Pace(10, time);

        assertThat(pace.begin(ACME)).isZero();
        assertThat(pace.begin(OTHER)).isZero();
    }

    @Test
    void aShortRestIsWaitedForAndALongOneIsToldByTheCall() {
        Pace pace = new Pace(0, time);

        pace.rest(ACME, Duration.ofSeconds(2));
        assertThat(pace.begin(ACME)).isEqualTo(Duration.ofSeconds(2));
        pace.rest(ACME, Duration.ofSeconds(60));

        assertThat(pace.begin(ACME)).isZero();
        assertThatThrownBy(() -> pace.await(call(ACME, () -> {})))
                .isInstanceOfSatisfying(CompanyRestsException.class, rests -> assertThat(rests.left())
                        .isEqualTo(Duration.ofSeconds(60)));
    }

    @Test
    void aRestIsTheCompanysAlone() throws Exception {
        Pace pace = new Pace(0, time);

        pace.rest(ACME, Duration.ofSeconds(60));

        pace.await(call(OTHER, () -> {}));
    }

    @Test
    void aRestThatWasAskedForLaterDoesNotMakeItShorter() {
        Pace pace = new Pace(0, time);

        pace.rest(ACME, Duration.ofSeconds(2));
        pace.rest(ACME, Duration.ofSeconds(1));

        assertThat(pace.begin(ACME)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aRestIsOverAfterItsTimeAndAfterAnHourWhateverWasAskedFor() throws Exception {
        Pace pace = new Pace(0, time);

        pace.rest(ACME, Duration.ofDays(9_999));
        time.move(Duration.ofHours(1));

        pace.await(call(ACME, () -> {}));
    }

    @Test
    @DisplayName("I2: a call that waited for its turn is not made where it is another instance's by then")
    void aCallThatIsAnothersByThenIsNotMade() {
        Pace pace = new Pace(0, time);

        assertThatThrownBy(() -> pace.await(call(ACME, () -> {
                    throw new Withdrawn();
                })))
                .isInstanceOf(Withdrawn.class);
    }

    private static Exchange call(String companyId, Runnable check) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setBody(new Call(new CredentialId(companyId, "S2-1"), check));
        return exchange;
    }

    private record Call(CredentialId credential, Runnable wanted) implements ApiCall {

        @Override
        public String idempotencyKey() {
            return "any";
        }

        @Override
        public void check() {
            wanted.run();
        }
    }

    private static final class Withdrawn extends CallWithdrawnException {

        private static final long serialVersionUID = 1;

        Withdrawn() {
            super("planted");
        }
    }

    private static final class StandingClock implements TimeMeter {

        private long nanos = 1_000_000_000;

        void move(Duration by) {
            nanos += by.toNanos();
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
