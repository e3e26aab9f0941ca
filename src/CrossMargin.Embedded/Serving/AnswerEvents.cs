using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving;

/// <summary>Which of a command's events answer it.</summary>
internal static class AnswerEvents
{
    /// <summary>
    /// Those of the command's own id, and of its account where it went to one. Where all are its own and were copied already, the copy.
    /// </summary>
    public static IReadOnlyList<Event> Of(in Message command, ReadOnlySpan<Event> events, EventBatch? copy)
    {
        int count = 0;
        for (int i = 0; i < events.Length; i++) count += IsAnswer(command, events[i]) ? 1 : 0;
        if (count == 0) return [];
        if (copy is not null && count == events.Length) return copy.Events;
        var answer = new Event[count];
        count = 0;
        for (int i = 0; i < events.Length; i++)
        {
            if (IsAnswer(command, events[i])) answer[count++] = events[i];
        }

        return answer;
    }

    private static bool IsAnswer(in Message command, in Event e) =>
        e.Cause == command.Cause && (command.To.Kind != ActorKind.Account || e.Account.Value == command.To.Number);
}
