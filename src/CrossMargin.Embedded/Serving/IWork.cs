using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving;

/// <summary>What a client wants of the sequencer, and the promise of an answer. The answer leaves once, by <see cref="Leave"/>.</summary>
internal interface IWork
{
    /// <summary>Called once on the sequencer's thread. What it throws reaches the client, if it is not the exchange's own end.</summary>
    void Run(Sequencer sequencer);

    /// <summary>Gives the answer out: what <see cref="Run"/> made, or (not null) why there is none.</summary>
    void Leave(string? unavailable);

    /// <summary>Gives an exception of the client's own making out.</summary>
    void Fail(Exception fault);
}

// The clients' continuations run where the answer is given: AnswerPool sees to it that this is a thread of the pool.

/// <summary>Commands of one client.</summary>
internal sealed class Submission(IReadOnlyList<Message> commands)
    : TaskCompletionSource<IReadOnlyList<CommandAnswer>>, IWork
{
    private CommandAnswer[] _answers = [];

    public void Run(Sequencer sequencer)
    {
        var answers = new CommandAnswer[commands.Count];
        for (int i = 0; i < answers.Length; i++) answers[i] = sequencer.Answer(commands[i]);
        _answers = answers;
    }

    public void Leave(string? unavailable)
    {
        if (unavailable is null)
        {
            TrySetResult(_answers);
            return;
        }

        var refused = new CommandAnswer[commands.Count];
        Array.Fill(refused, new CommandAnswer(default, [], unavailable));
        TrySetResult(refused);
    }

    public void Fail(Exception fault) => TrySetException(fault);
}

/// <summary>Something that is looked up, or done, between two commands.</summary>
internal sealed class Turn<T>(Func<Sequencer, T> work) : TaskCompletionSource<T>, IWork
{
    private T _result = default!;

    public void Run(Sequencer sequencer) => _result = work(sequencer);

    public void Leave(string? unavailable)
    {
        if (unavailable is null) TrySetResult(_result);
        else TrySetException(new ExchangeUnavailableException(unavailable));
    }

    public void Fail(Exception fault) => TrySetException(fault);
}
