using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Server.Report.Recording;

namespace CrossMargin.Server.Report;

/// <summary>Tells a liquidation of a run in words and numbers, exactly.</summary>
public static class LiquidationText
{
    public static IReadOnlyList<LiquidationLine> Lines(LiquidationStory story, VenueProfile profile)
    {
        List<LiquidationLine> lines = [.. story.Events.Select(e => LiquidationSentences.Line(e, profile))];
        if (story.LeftOut > 0) lines.Insert(lines.Count - 1, new(story.Events[^1].Time, "leftOut", $"{story.LeftOut} more events"));
        return lines;
    }
}
