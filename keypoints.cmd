@echo off
rem KeypointPipeline's command for Windows; the file keypoints beside this one is the command for Linux and macOS.
setlocal
rem Building sends no usage data to Microsoft.
set "DOTNET_CLI_TELEMETRY_OPTOUT=1"
set "root=%~dp0"
where dotnet >nul 2>nul || (echo keypoints: the .NET SDK is missing: install the .NET SDK 10 from https://dotnet.microsoft.com/download, then run this again. 1>&2 & exit /b 1)
pushd "%root%"
dotnet --version >nul 2>nul || (popd & echo keypoints: none of the installed .NET SDKs is version 10: install it from https://dotnet.microsoft.com/download, then run this again. 1>&2 & exit /b 1)
dotnet build local\KeypointPipeline.Local.csproj --configuration Release --nologo --verbosity quiet
if errorlevel 1 (popd & exit /b 1)
popd
dotnet "%root%artifacts\bin\KeypointPipeline.Local\release\keypoints.dll" %*
exit /b %errorlevel%
