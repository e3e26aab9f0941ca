namespace CrossMargin.Server.Report.Html;

public static class HtmlReport
{
    public static string Write(RunReport report) => "<!doctype html>" + report.Facts.StateHash;
}
