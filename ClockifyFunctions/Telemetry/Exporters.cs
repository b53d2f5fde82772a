using Azure.Monitor.OpenTelemetry.Exporter;
using ClockifyFunctions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClockifyFunctions.Telemetry;

/// <summary>Where traces, metrics and logs go, by the settings; nowhere, and at no cost, without any.</summary>
internal static class Exporters
{
    public static void AddExporters(this WebApplicationBuilder builder, AppSettings settings)
    {
        // Of the server's own words those matter that say something is wrong; each request is a span and a count.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (settings.OtlpEndpoint is null && settings.InsightsConnection is null) return;
        // The host sends whatever stands on the console to Application Insights too: each line once is enough.
        if (settings.InsightsConnection is not null) builder.Logging.ClearProviders();
        var telemetry = builder.Services.AddOpenTelemetry()
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come later, and win.
            .ConfigureResource(resource => resource.AddService(builder.Configuration["WEBSITE_SITE_NAME"] ?? "clockify-functions").AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing.AddSource(Instruments.Name).AddAspNetCoreInstrumentation(http => http.Filter = context => context.Request.Path != "/"))
            .WithMetrics(metrics => metrics.AddMeter(Instruments.Name, "System.Runtime", "Microsoft.AspNetCore.Hosting"))
            .WithLogging(null, logs => logs.IncludeFormattedMessage = true);
        // The library reads the rest of the standard's variables: protocol, headers, intervals, sampler.
        if (settings.OtlpEndpoint is not null) telemetry.UseOtlpExporter();
        if (settings.InsightsConnection is not { } connection) return;
        telemetry
            .WithTracing(tracing => tracing.AddAzureMonitorTraceExporter(To))
            .WithMetrics(metrics => metrics.AddAzureMonitorMetricExporter(To))
            .WithLogging(logging => logging.AddAzureMonitorLogExporter(To));

        void To(AzureMonitorExporterOptions options) =>
            // Traces may be sampled (five a second, unless OTEL_TRACES_SAMPLER says otherwise); a warning is not lost with one.
            (options.ConnectionString, options.Credential, options.EnableTraceBasedLogsSampler) = (connection, settings.InsightsIdentity?.Credential(), false);
    }
}
