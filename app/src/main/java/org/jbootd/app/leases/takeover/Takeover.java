package org.jbootd.app.leases.takeover;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jbootd.app.leases.Ledger;
import org.jbootd.app.leases.LedgerProblem;
import org.jbootd.app.leases.Order;

/** Takes the leases of another server over. */
public final class Takeover {

    private final Ledger ledger;
    private final Ledger.Mode mode;
    private final TakeoverReport report;

    private Takeover(Ledger ledger, Ledger.Mode mode, TakeoverReport report) {
        this.ledger = ledger;
        this.mode = mode;
        this.report = report;
    }

    /**
     * Reads the file to its end before anything changes.
     *
     * @param now by the clock of this host
     * @throws IOException when the file cannot be read, or is none of the format; its message is for the operator
     * @throws LedgerProblem when orders could not be given, or not be stored: some may have been carried out, and are so already
     *     when it is done again
     */
    public static TakeoverReport run(Path file, LeaseFormat format, Instant now, Ledger ledger, Ledger.Mode mode)
            throws IOException, LedgerProblem {
        TakeoverReport report = new TakeoverReport(file.toString(), mode == Ledger.Mode.REHEARSE);
        Intake intake = new Intake(report);
        format.read(file, now, intake);
        List<ForeignLease> leases = intake.leases();
        Takeover takeover = new Takeover(ledger, mode, report);
        for (int at = 0; at < leases.size(); at += Ledger.MOST_ORDERS) {
            takeover.order(leases.subList(at, Math.min(leases.size(), at + Ledger.MOST_ORDERS)));
        }
        return report;
    }

    private void order(List<ForeignLease> leases) throws LedgerProblem {
        List<Order> orders = leases.stream().map(ForeignLease::order).toList();
        List<Order.Outcome> outcomes = ledger.carryOut(orders, mode);
        for (int i = 0; i < leases.size(); i++) {
            Order.Outcome outcome = outcomes.get(i);
            switch (outcome.kind()) {
                case DONE -> report.takenOver();
                case ALREADY_SO -> report.alreadySo();
                case REFUSED -> report.notTaken(leases.get(i).place(), outcome.text());
                case FAILED ->
                    throw new LedgerProblem(
                            outcome.text() + "; what was taken over before is so already when it is done again");
            }
        }
    }
}
