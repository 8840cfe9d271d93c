@echo off
rem KeypointPipeline's command for Windows: see the file keypoints beside this one.
setlocal
set "root=%~dp0"
where dotnet >nul 2>nul || (echo keypoints: the .NET SDK is missing: install the .NET SDK 10 from https://dotnet.microsoft.com/download, then run this again. 1>&2 & exit /b 1)
pushd "%root%"
dotnet --version >nul 2>nul || (popd & echo keypoints: no .NET SDK 10 among those installed: install it from https://dotnet.microsoft.com/download, then run this again. 1>&2 & exit /b 1)
dotnet build local\KeypointPipeline.Local.csproj --configuration Release --nologo --verbosity quiet
if errorlevel 1 (popd & exit /b 1)
popd
dotnet "%root%artifacts\bin\KeypointPipeline.Local\release\keypoints.dll" %*
exit /b %errorlevel%
