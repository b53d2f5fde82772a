using System.Runtime.InteropServices;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Commands.Agency;
using ClockifyFunctions.LocalHost.FunctionsHost.Config;

if (CommandLine.Parse(args, out var problems) is not { } line)
{
    foreach (var problem in problems) Console.Error.WriteLine(problem);
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return line switch
    {
        { Command: "demo", Agency: not null } => await AgencyCommand.RunAsync(line, stop.Token),
        { Command: "demo" } => await DemoCommand.RunAsync(line, stop.Token),
        { Command: "plan" } => await PlanCommand.RunAsync(line, stop.Token),
        { OnlyBus: true } => await StartPartCommand.RunBusAsync(line, stop.Token),
        { OnlyClockify: true } => await StartPartCommand.RunClockifyAsync(line, stop.Token),
        _ => await StartCommand.RunAsync(line, stop.Token),
    };
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
catch (Exception refused) when (refused is HostRefusedException or InvalidOperationException or IOException or System.Net.Sockets.SocketException)
{
    Console.Error.WriteLine(refused.Message);
    return 1;
}

// The commands stop their child processes and listeners in order before this process ends.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
