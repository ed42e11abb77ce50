package org.jbootd.udp.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AdmissionsTest {

    private static final String ANNA = "10.0.0.1";
    private static final String BERT = "10.0.0.2";

    private final Admissions admissions = new Admissions(Runnable::run, limits(4, 3));

    private static TftpLimits limits(int transfers, int perClient) {
        return new TftpLimits(transfers, perClient, 10, 4, 4, 1 << 20, 64, 256 << 10);
    }

    private static Ticket.Key key(String address, int port) {
        return new Ticket.Key(new InetSocketAddress(address, port), "file", 0);
    }

    private Ticket confirmed(String address, int port) {
        Ticket ticket = admissions.admit(key(address, port));
        ticket.confirm();
        admissions.confirmed(ticket);
        return ticket;
    }

    private boolean isThere(Ticket ticket) {
        return admissions.find(ticket.key()) == ticket;
    }

    @Test
    void theSameRequestIsFoundAndAnotherIsNot() {
        Ticket ticket = admissions.admit(key(ANNA, 1));
        assertThat(admissions.find(key(ANNA, 1))).isSameAs(ticket);
        assertThat(admissions.find(key(ANNA, 2))).isNull();
        assertThat(admissions.find(new Ticket.Key(ticket.client(), "file", 1)))
                .as("other octets")
                .isNull();
    }

    @Test
    void aClientsOldestUnconfirmedGivesWayToItsNewest() {
        Ticket oldest = admissions.admit(key(ANNA, 1));
        Ticket second = admissions.admit(key(ANNA, 2));
        Ticket third = admissions.admit(key(ANNA, 3));
        Ticket fourth = admissions.admit(key(ANNA, 4));
        assertThat(isThere(oldest)).isFalse();
        assertThat(isThere(second) && isThere(third) && isThere(fourth)).isTrue();
        assertThat(admissions.transfers()).isEqualTo(3);
    }

    @Test
    void aClientFullOfConfirmedTransfersGetsNoMoreAndOthersDo() {
        confirmed(ANNA, 1);
        confirmed(ANNA, 2);
        confirmed(ANNA, 3);
        assertThat(admissions.admit(key(ANNA, 4))).isNull();
        assertThat(admissions.admit(key(BERT, 1))).isNotNull();
    }

    @Test
    void inTotalTheOldestUnconfirmedGivesWayWhoseverItIs() {
        confirmed(ANNA, 1);
        Ticket oldest = admissions.admit(key(ANNA, 2));
        confirmed(ANNA, 3);
        Ticket berts = admissions.admit(key(BERT, 1));
        assertThat(admissions.admit(key(BERT, 2))).isNotNull();
        assertThat(isThere(oldest)).isFalse();
        assertThat(isThere(berts)).isTrue();
        assertThat(admissions.transfers()).isEqualTo(4);
    }

    @Test
    void whenAllAreConfirmedNobodyGivesWay() {
        for (int port = 1; port <= 2; port++) {
            confirmed(ANNA, port);
            confirmed(BERT, port);
        }
        assertThat(admissions.admit(key("10.0.0.3", 1))).isNull();
        assertThat(admissions.transfers()).isEqualTo(4);
    }

    @Test
    void aConfirmationThatIsStillOnItsWayCountsAlready() {
        Ticket acknowledged = admissions.admit(key(ANNA, 1));
        Ticket second = admissions.admit(key(ANNA, 2));
        admissions.admit(key(ANNA, 3));
        acknowledged.confirm();
        assertThat(admissions.admit(key(ANNA, 4))).isNotNull();
        assertThat(isThere(acknowledged)).isTrue();
        assertThat(isThere(second)).isFalse();
    }

    @Test
    void endingTwiceFreesOnePlace() {
        Ticket ticket = confirmed(ANNA, 1);
        confirmed(ANNA, 2);
        confirmed(ANNA, 3);
        admissions.remove(ticket);
        admissions.remove(ticket);
        admissions.confirmed(ticket);
        assertThat(admissions.transfers()).isEqualTo(2);
        confirmed(ANNA, 4);
        assertThat(admissions.admit(key(ANNA, 5))).isNull();
    }

    @Test
    void afterClosingNobodyIsAdmittedAndTheLastToEndIsNoticed() {
        Ticket ticket = admissions.admit(key(ANNA, 1));
        CompletableFuture<Void> drained = admissions.close();
        assertThat(admissions.admit(key(BERT, 1))).isNull();
        assertThat(drained).isNotDone();
        admissions.remove(ticket);
        assertThat(drained).isCompleted();
    }
}
