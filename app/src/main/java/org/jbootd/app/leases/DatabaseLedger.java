package org.jbootd.app.leases;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.persistence.Auditor;
import org.jbootd.persistence.StoreRefused;
import org.jbootd.persistence.postgres.PostgresLeaseStore;
import org.jbootd.persistence.postgres.PostgresSettings;

/**
 * The ledger in a database, asked without a daemon of this host. For an order this process becomes a node of its own for a while,
 * and daemons of other hosts follow what it does.
 */
public final class DatabaseLedger implements Ledger {

    /** Nobody waits for an answer but who gave the order. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PostgresSettings settings;
    private final Path memory;
    private final List<Subnet> subnets;
    private final Identification identification;
    private final Auditor auditor;

    /** Null until the first order. */
    private Ledger node;

    private DatabaseLedger(
            PostgresSettings settings,
            Path memory,
            List<Subnet> subnets,
            Identification identification,
            Auditor auditor) {
        this.settings = settings;
        this.memory = memory;
        this.subnets = subnets;
        this.identification = identification;
        this.auditor = auditor;
    }

    /**
     * @param memory the directory of this host's daemon, which may have seen more of the database; no order is carried out then
     * @param subnets of the configuration, for orders
     * @throws StoreRefused when it cannot be asked; its message is for the operator
     */
    public static Ledger open(
            PostgresSettings settings, Path memory, List<Subnet> subnets, Identification identification) {
        return new DatabaseLedger(settings, memory, subnets, identification, PostgresLeaseStore.auditor(settings));
    }

    @Override
    public void ask(String sql, List<?> arguments, Auditor.Rows rows) throws LedgerProblem {
        try {
            auditor.ask(sql, arguments, rows);
        } catch (Auditor.NoAnswer e) {
            throw new LedgerProblem(e.getMessage(), e);
        }
    }

    @Override
    public List<Order.Outcome> carryOut(List<Order> orders, Mode mode) throws LedgerProblem {
        if (node == null) {
            node = StoppedLedger.of(PostgresLeaseStore.open(settings, memory, PATIENCE), subnets, identification);
        }
        return node.carryOut(orders, mode);
    }

    @Override
    public void backup(Path target) throws LedgerProblem {
        throw new LedgerProblem("no backup was made: " + settings.backupCommand());
    }

    @Override
    public void close() {
        if (node != null) {
            node.close();
        }
        auditor.close();
    }
}
