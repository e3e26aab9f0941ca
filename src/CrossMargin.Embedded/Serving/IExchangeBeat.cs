using CrossMargin.Embedded.Engine;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving;

/// <summary>
/// What lives on the exchange's own thread besides the clients: the price feed, simulated traders. Only the sequencer calls it.
/// </summary>
public interface IExchangeBeat
{
    /// <summary>
    /// Called between two client commands, at least each 100 ms of running exchange time, after time has been moved on to
    /// <paramref name="now"/>. Must be short: clients wait meanwhile; what is long is spread over several beats.
    /// </summary>
    void OnBeat(Timestamp now, IBeatCommands exchange);
}

/// <summary>What may be done in a beat.</summary>
public interface IBeatCommands
{
    /// <summary>The exchange as it stands, to be read.</summary>
    ExchangeEngine Engine { get; }

    /// <summary>Journals and executes a command at the beat's time. Its events are in the engine's Events until the next command.</summary>
    void Submit(in Message message);
}
