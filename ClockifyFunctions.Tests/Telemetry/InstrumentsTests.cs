using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Telemetry;

public sealed partial class InstrumentsTests
{
    [Fact]
    public void EveryMetricOfAlertsAndWorkbookIsMeasuredWithItsGroupingAttribute()
    {
        var measured = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => { if (instrument.Meter.Name == Instruments.Name) measured.Add(instrument.Name); } };
        Assert.False(Instruments.BacklogsAreWatched); // This also creates the instruments.
        listener.Start();
        string[] attributes = [Instruments.Destination, Instruments.Credential, Instruments.OutcomeName];

        var infra = Path.Combine(Repository.Root, "infra");
        var queries = string.Concat(new[] { "workbook.json", Path.Combine("modules", "alerts.bicep") }.Select(file => File.ReadAllText(Path.Combine(infra, file)))).Replace("\\\"", "\"", StringComparison.Ordinal);
        var names = MetricName().Matches(queries).Select(match => match.Groups[1].Value).Distinct().ToArray();
        Assert.True(names.Length >= 10, string.Join(" ", names));
        Assert.Subset(measured, names.ToHashSet());
        Assert.Subset(attributes.ToHashSet(), Attribute().Matches(queries).Select(match => match.Groups[1].Value).ToHashSet());
    }

    [Fact]
    public void AGaugeReportsRecentValuesOnly()
    {
        var time = new FakeTimeProvider();
        var values = new RecentValues(time);
        values.Set("a", 1);
        time.Advance(RecentValues.Lifetime / 2);
        values.Set("b", 2);
        values.Set("b", 3);
        Assert.Equal([("a", 1.0), ("b", 3.0)], values.Recent().Select(value => (value.Key, value.Value)).Order());
        time.Advance(RecentValues.Lifetime / 2);
        Assert.Equal([("b", 3.0)], values.Recent().Select(value => (value.Key, value.Value)));
    }

    [GeneratedRegex("Name == \"([^\"]+)\"")]
    private static partial Regex MetricName();

    [GeneratedRegex("Properties\\[\"([^\"]+)\"\\]")]
    private static partial Regex Attribute();
}
